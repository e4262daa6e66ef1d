package org.askfirst.tlog;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {
    /** The eight leaves and the root of each size, from the tests of the Certificate Transparency reference code. */
    private static final List<Hash> LEAVES = Stream.of(
                    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
            .map(hex -> MerkleTree.leafHash(HexFormat.of().parseHex(hex)))
            .toList();

    private static final List<String> ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private static final HashReader READER = RecursiveTree.reader(LEAVES);

    @Test
    void theReferenceRoots() {
        for (int size = 0; size < ROOTS.size(); size++) {
            List<Hash> leaves = LEAVES.subList(0, size);
            assertEquals(ROOTS.get(size), MerkleTree.root(READER, size).hex(), "root of size " + size);
            assertEquals(ROOTS.get(size), Frontier.empty().append(leaves).root().hex(), "frontier of size " + size);
        }
        assertEquals(ROOTS.get(0), MerkleTree.emptyRoot().hex());
    }

    @Test
    void theReferencePathOfTheFirstLeafAmongEight() {
        assertEquals(
                List.of(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"),
                hex(InclusionProof.from(READER, 0, 8).hashes()));
    }

    @Test
    void theReferenceConsistencyFromSixToEight() {
        assertEquals(
                List.of(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
                hex(ConsistencyProof.from(READER, 6, 8).hashes()));
    }

    private static List<String> hex(List<Hash> hashes) {
        return hashes.stream().map(Hash::hex).toList();
    }

    @Test
    void aHashIsItsBytes() throws MalformedException {
        Hash hash = LEAVES.get(3);
        assertEquals(hash, Hash.of(hash.bytes()));
        assertEquals(hash, Hash.parse(hash.base64()));
        assertEquals(hash.hashCode(), Hash.parse(hash.base64()).hashCode());
        assertNotEquals(hash, LEAVES.get(4));
        byte[] bytes = hash.bytes();
        bytes[0] ^= 1;
        assertArrayEquals(hash.bytes(), LEAVES.get(3).bytes(), "its bytes can be changed from outside");
        assertThrows(IllegalArgumentException.class, () -> Hash.of(new byte[31]));
    }

    @Test
    void aHashHasOneSpelling() {
        String good = LEAVES.get(0).base64();
        for (String bad : List.of(
                "",
                good.substring(0, 43),
                good + "=",
                good + "\n",
                " " + good,
                good.substring(0, 40),
                // The last character has two pad bits, which must be zero.
                good.substring(0, 42) + "1=",
                good.replace('+', '-').replace('/', '_').substring(0, 42) + "==",
                LEAVES.get(0).hex())) {
            assertThrows(MalformedException.class, () -> Hash.parse(bad), bad);
        }
    }
}
