"""The version of the client, which a catalogue compares."""

VERSION = "0.1.0"
