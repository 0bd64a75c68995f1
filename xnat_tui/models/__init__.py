"""What an XNAT server holds, as plain values: models of single objects and rows of large listings. No I/O."""
