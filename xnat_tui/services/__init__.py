"""What can be done on an XNAT server, as plain synchronous calls that scripts use by themselves."""
