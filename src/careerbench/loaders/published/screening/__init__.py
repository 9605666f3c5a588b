"""The publisher's own rules for a data file and its metadata, checked before upload."""
