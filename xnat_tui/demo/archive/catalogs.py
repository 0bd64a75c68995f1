"""Catalogs of resources made true again after files came, went or changed behind the server's back."""

from __future__ import annotations

from dataclasses import dataclass

from xnat_tui.demo.archive.files import Files, StoredFile, md5_of


@dataclass(frozen=True)
class Refreshing:
    """What a refresh of a catalog does.

    Attributes:
        append: takes up files that lie in the resource's folder but are not in the catalog.
        delete: drops entries whose files are gone.
        checksum: computes digests where there are none.
    """

    append: bool = True
    delete: bool = True
    checksum: bool = True


class Catalogs(Files):
    """The part of the archive that refreshes catalogs. Counts and sizes always follow the catalog."""

    def refresh_catalog(self, resource_id: int, wanted: Refreshing) -> None:
        """Make the catalog of one resource agree with its folder, as far as wanted."""
        if wanted.delete:
            self._drop_vanished(resource_id)
        if wanted.append:
            self._take_up(resource_id)
        if wanted.checksum:
            for file in self.files(resource_id):
                if not file.digest:
                    self._record_digest(file)

    def _drop_vanished(self, resource_id: int) -> None:
        for file in self.files(resource_id):
            if not self.file_location(resource_id, file.path).is_file():
                sql = "DELETE FROM files WHERE resource_id = ? AND path = ?"
                self._run(sql, resource_id, file.path)

    def _take_up(self, resource_id: int) -> None:
        folder = self.files_root / str(resource_id)
        listed = {file.path for file in self.files(resource_id)}
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and name not in listed:
                sql = "INSERT INTO files VALUES (?, ?, ?, '', '', '', '[]')"
                self._run(sql, resource_id, name, path.stat().st_size)

    def _record_digest(self, file: StoredFile) -> None:
        location = self.file_location(file.resource_id, file.path)
        if not location.is_file():
            return
        sql = "UPDATE files SET digest = ?, size = ? WHERE resource_id = ? AND path = ?"
        self._run(sql, md5_of(location), location.stat().st_size, file.resource_id, file.path)
