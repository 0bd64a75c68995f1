"""The DICOM receiver: C-ECHO and C-STORE into the prearchive. pynetdicom is loaded when it starts."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from xnat_tui.demo.archive import User
from xnat_tui.demo.ingest.intake import Intake
from xnat_tui.demo.ingest.wishes import Wishes
from xnat_tui.demo.refusal import Refusal

if TYPE_CHECKING:
    from pydicom.dataset import Dataset
    from pynetdicom.ae import ApplicationEntity
    from pynetdicom.events import Event, EventHandlerType

AE_TITLE = "XNAT"
_HOST = "127.0.0.1"
_MOST_ASSOCIATIONS = 100
_CANNOT_UNDERSTAND, _OUT_OF_RESOURCES = 0xC000, 0xA700
_COMMENT_LENGTH = 64
_LOG = logging.getLogger(__name__)

_EXTRA_CLASSES = (
    "1.2.840.10008.5.1.4.1.1.3",  # Ultrasound Multi-frame Image Storage (retired)
    "1.2.840.10008.5.1.4.1.1.5",  # Nuclear Medicine Image Storage (retired)
    "1.2.840.10008.5.1.4.1.1.6",  # Ultrasound Image Storage (retired)
    "1.3.12.2.1107.5.9.1",  # Siemens CSA Non-Image Storage
    "1.3.46.670589.11.0.0.12.1",  # Philips MR Spectrum Storage
    "1.3.46.670589.11.0.0.12.2",  # Philips MR Series Data Storage
    "1.3.46.670589.5.0.1",  # Philips 3D Volume Storage
    "1.3.46.670589.5.0.2",  # Philips 3D Object Storage
)
_LITTLE_ENDIAN = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2")
_TRANSFER_SYNTAXES = (
    "1.2.840.10008.1.2.1",  # Explicit VR Little Endian
    "1.2.840.10008.1.2.2",  # Explicit VR Big Endian
    "1.2.840.10008.1.2",  # Implicit VR Little Endian
    "1.2.840.10008.1.2.4.50",  # JPEG Baseline
    "1.2.840.10008.1.2.4.51",  # JPEG Extended
    "1.2.840.10008.1.2.4.57",  # JPEG Lossless
    "1.2.840.10008.1.2.4.70",  # JPEG Lossless SV1
    "1.2.840.10008.1.2.4.80",  # JPEG-LS Lossless
    "1.2.840.10008.1.2.4.81",  # JPEG-LS Near Lossless
    "1.2.840.10008.1.2.4.90",  # JPEG 2000 Lossless
    "1.2.840.10008.1.2.4.91",  # JPEG 2000
    "1.2.840.10008.1.2.4.92",  # JPEG 2000 Multi-component Lossless
    "1.2.840.10008.1.2.4.93",  # JPEG 2000 Multi-component
    "1.2.840.10008.1.2.4.94",  # JPIP Referenced
    "1.2.840.10008.1.2.4.95",  # JPIP Referenced Deflate
    "1.2.840.10008.1.2.4.100",  # MPEG2 Main Profile / Main Level
    "1.2.840.10008.1.2.5",  # RLE Lossless
    "1.2.840.10008.1.2.6.1",  # RFC 2557 MIME Encapsulation
    "1.2.840.10008.1.2.6.2",  # XML Encoding
)
"""What a real server offers for every storage class: not deflated, MPEG-4, HEVC or HTJ2K."""


class DicomAddress(NamedTuple):
    """Where a DICOM receiver listens, and as what."""

    host: str
    port: int
    aet: str = AE_TITLE


class DicomReceiver:
    """A storage SCP on loopback that hands every object to the gradual importer.

    It asks for its own AE title and takes any calling one. Objects are named by the template, and their
    project follows from their header alone.

    Args:
        intake: where objects go.
        user: in whose name.
        port: 0 takes a free one.
    """

    def __init__(self, intake: Intake, user: User, port: int = 0) -> None:
        self._intake = intake
        self._user = user
        self._port = port
        self._entity: ApplicationEntity | None = None

    def start(self) -> DicomAddress:
        """Listen; return where.

        Raises:
            OSError: the port is in use.
        """
        from pynetdicom import evt

        entity = _make_entity()
        handlers: list[EventHandlerType] = [(evt.EVT_C_STORE, self._store)]
        server = entity.start_server((_HOST, self._port), block=False, evt_handlers=handlers)
        assert server is not None and server.socket is not None
        self._entity = entity
        return DicomAddress(_HOST, server.socket.getsockname()[1])

    def stop(self) -> None:
        """End all associations and listen no more; harmless when not started."""
        entity, self._entity = self._entity, None
        if entity is None:
            return
        associations = entity.active_associations
        entity.shutdown()
        for association in associations:
            association.join()

    def _store(self, event: Event) -> int | Dataset:
        """File one object; as on a real server one that is dropped by a filter is a success too."""
        try:
            body = BytesIO(event.encoded_dataset())
            self._intake.import_object("", body, Wishes(), self._user)
        except Refusal as error:
            return _status(_CANNOT_UNDERSTAND, error.message)
        except Exception as error:
            _LOG.exception("C-STORE failed")
            return _status(_OUT_OF_RESOURCES, str(error))
        return 0x0000


def _make_entity() -> ApplicationEntity:
    from pynetdicom.ae import ApplicationEntity
    from pynetdicom.presentation import AllStoragePresentationContexts

    entity = ApplicationEntity(ae_title=AE_TITLE)
    entity.require_called_aet = True
    entity.maximum_associations = _MOST_ASSOCIATIONS
    entity.add_supported_context("1.2.840.10008.1.1", list(_LITTLE_ENDIAN))
    known = [str(context.abstract_syntax) for context in AllStoragePresentationContexts]
    for sop_class in (*known, *_EXTRA_CLASSES):
        entity.add_supported_context(sop_class, list(_TRANSFER_SYNTAXES))
    return entity


def _status(code: int, comment: str) -> Dataset:
    from pydicom.dataset import Dataset

    status = Dataset()
    status.Status = code
    status.ErrorComment = comment[:_COMMENT_LENGTH]
    return status
