"""Local DICOM files, and sending them by C-STORE."""
