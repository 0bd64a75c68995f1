"""The client of one XNAT server: configuration, credentials, requests, errors."""
