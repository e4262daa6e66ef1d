"""Signatures, notes and checkpoints."""

import re
import unittest

from askfirst import _ed25519
from askfirst._notes import NoteError, VerifierKey, open_checkpoint
from tests.support import ROOT, Signer

# RFC 8032, section 7.1: public key, message, signature.
RFC_8032 = [
    ("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip


class Ed25519(unittest.TestCase):
    def test_rfc_8032(self):
        for public, message, signature in RFC_8032:
            public, message, signature = (bytes.fromhex(one) for one in (public, message, signature))
            self.assertTrue(_ed25519.verify(public, message, signature))
            self.assertFalse(_ed25519.verify(public, message + b"x", signature))
            for at in (0, 31, 32, 63):
                changed = bytearray(signature)
                changed[at] ^= 1
                self.assertFalse(_ed25519.verify(public, message, bytes(changed)))
            # The same signature with s + L: RFC 8032 requires s < L.
            s = int.from_bytes(signature[32:], "little") + _ed25519.L
            self.assertFalse(_ed25519.verify(public, message, signature[:32] + s.to_bytes(32, "little")))
            self.assertFalse(_ed25519.verify(public, message, signature[:63]))

    def test_what_is_no_key(self):
        _, message, signature = RFC_8032[1]
        for public in (b"\xff" * 32, (2).to_bytes(32, "little"), b"", _ed25519.P.to_bytes(32, "little")):
            self.assertFalse(_ed25519.verify(public, bytes.fromhex(message), bytes.fromhex(signature)))


class Checkpoints(unittest.TestCase):
    def setUp(self):
        page = (ROOT / "docs" / "formats" / "log.md").read_text("utf-8")
        self.key = re.search(r"```verifier-key\n(.+?)```", page, re.S).group(1)
        self.note = re.search(r"```checkpoint\n(.+?)```", page, re.S).group(1)

    def test_the_worked_example_of_the_log(self):
        checkpoint = open_checkpoint(self.note, VerifierKey.parse(self.key))
        self.assertEqual(("registry.example/log", 2, []), (checkpoint.origin, checkpoint.size, checkpoint.extensions))

    def test_other_signatures_are_ignored(self):
        witness = Signer("witness.example", b"\5" * 32)
        line = witness.note(self.note.partition("\n\n")[0] + "\n").rpartition("\n\n")[2]
        self.assertEqual(2, open_checkpoint(self.note + line, VerifierKey.parse(self.key)).size)

    def test_refused(self):
        signer = Signer()
        key = VerifierKey.parse(signer.key)
        good = "registry.example/log\n7\n" + "A" * 43 + "=\n"
        self.assertEqual(7, open_checkpoint(signer.note(good), key).size)
        for text in (
            "registry.example/log\n07\n" + "A" * 43 + "=\n",
            "registry.example/log\n-7\n" + "A" * 43 + "=\n",
            "another.example/log\n7\n" + "A" * 43 + "=\n",
            "registry.example/log\n7\nAAAA\n",
            "registry.example/log\n7\n",
        ):
            with self.subTest(text), self.assertRaises(NoteError):
                open_checkpoint(signer.note(text), key)
        note = signer.note(good)
        for broken in (
            note.replace("7", "8", 1),
            note[:-1],
            note.replace("\u2014", "-"),
            good,
            good + "\n",
            good + "\n\u2014 registry.example/log AAAA\n",
            Signer("registry.example/log", b"\2" * 32).note(good),
            Signer("another", b"\1" * 32).note(good),
            "",
        ):
            with self.subTest(broken), self.assertRaises(NoteError):
                open_checkpoint(broken, key)

    def test_keys_that_are_refused(self):
        key = Signer().key
        for broken in ("", "a+b", key.replace("registry", "other"), key[:-4], "x+00000000+AAAA", key.replace("+", " ")):
            with self.subTest(broken), self.assertRaises(NoteError):
                VerifierKey.parse(broken)


if __name__ == "__main__":
    unittest.main()
