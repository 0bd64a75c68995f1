"""How data come in: objects are received into the prearchive, built into sessions, and archived.

- `settings`: what kind of site it is, and how fast it works;
- `instance`, `routing`, `naming`: one DICOM object, where it belongs, and what its file is called;
- `receiving`: the gradual importer, through which every object goes, by HTTP or by DICOM;
- `unpacking`: objects in ZIP and tar files;
- `wishes`, `places`: what a sender asks for, and the URIs that say where to;
- `building`, `modalities`: a session's document, made of the headers of its files;
- `archiving`, `merging`: from the prearchive into the archive;
- `intake`: all of it together;
- `background`: the thread that builds what nobody commits.

Nothing here knows of HTTP; pydicom is loaded when the first object comes.
"""
