"""What an XNAT server holds, as typed values. No input or output happens here."""
