// Verifylog checks a log directory with the Go team's own code for transparency logs: golang.org/x/mod/sumdb.
//
// The directory holds a served log (checkpoint, tile/...) and, beside it, what the log's own code claims about it:
// key (the verifier key), roots (a line "size root" for each older tree), proofs/<index>.tlog-proof, and
// consistency/<old>-<new> (a line for each hash). It prints what it verified, or says what is wrong and exits with 1.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var dir string

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func read(name string) []byte { return must(os.ReadFile(filepath.Join(dir, name))) }

func lines(name string) []string {
	return strings.Split(strings.TrimSuffix(string(read(name)), "\n"), "\n")
}

// tiles reads ours as Go's: its paths have the tile height in them, C2SP's have not.
type tiles struct{}

func path(t tlog.Tile) string                            { return strings.Replace(t.Path(), "tile/8/", "tile/", 1) }
func (tiles) Height() int                                { return 8 }
func (tiles) SaveTiles(tiles []tlog.Tile, data [][]byte) {}
func (tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, t := range wanted {
		data = append(data, read(path(t)))
	}
	return data, nil
}

func hashes(base64Lines []string) (hashes []tlog.Hash) {
	for _, line := range base64Lines {
		if line != "" {
			hashes = append(hashes, must(tlog.ParseHash(line)))
		}
	}
	return hashes
}

// open verifies the signature and reads the checkpoint under it.
func open(signed []byte, origin string, known note.Verifiers) tlog.Tree {
	text := strings.Split(must(note.Open(signed, known)).Text, "\n")
	if len(text) != 4 || text[0] != origin {
		log.Fatalf("not a checkpoint of %s: %q", origin, text)
	}
	return tlog.Tree{N: must(strconv.ParseInt(text[1], 10, 64)), Hash: must(tlog.ParseHash(text[2]))}
}

func main() {
	dir = os.Args[1]
	verifier := must(note.NewVerifier(lines("key")[0]))
	known := note.VerifierList(verifier)
	tree := open(read("checkpoint"), verifier.Name(), known)
	reader := tlog.TileHashReader(tree, tiles{}) // checks every tile it reads against the root

	// Every entry is in the tile that is in the tree.
	var records []tlog.Hash
	for n := int64(0); n*256 < tree.N; n++ {
		width := int(min(256, tree.N-n*256))
		bundle := read(strings.Replace(path(tlog.Tile{H: 8, L: 0, N: n, W: width}), "tile/0/", "tile/entries/", 1))
		for ; len(bundle) > 0; bundle = bundle[2+binary.BigEndian.Uint16(bundle):] {
			records = append(records, tlog.RecordHash(bundle[2:2+binary.BigEndian.Uint16(bundle)]))
		}
	}
	if int64(len(records)) != tree.N {
		log.Fatalf("%d entries in a tree of %d", len(records), tree.N)
	}
	indexes := make([]int64, len(records))
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, int64(i))
	}
	for i, stored := range must(reader.ReadHashes(indexes)) {
		if stored != records[i] {
			log.Fatalf("entry %d does not hash to its leaf", i)
		}
	}

	// The proofs we hand out, and Go's own from our tiles, are the same and verify.
	proofs := must(filepath.Glob(filepath.Join(dir, "proofs", "*.tlog-proof")))
	for _, file := range proofs {
		head, signed, _ := strings.Cut(string(must(os.ReadFile(file))), "\n\n")
		text := strings.Split(head, "\n")
		if text[0] != "c2sp.org/tlog-proof@v1" || open([]byte(signed), verifier.Name(), known) != tree {
			log.Fatalf("%s: not a proof of this tree", file)
		}
		index := must(strconv.ParseInt(strings.TrimPrefix(text[1], "index "), 10, 64))
		proof := tlog.RecordProof(hashes(text[2:]))
		if fmt.Sprint(proof) != fmt.Sprint(must(tlog.ProveRecord(tree.N, index, reader))) {
			log.Fatalf("%s: Go builds another proof", file)
		}
		must(0, tlog.CheckRecord(proof, tree.N, tree.Hash, index, records[index]))
	}
	roots := map[int64]tlog.Hash{tree.N: tree.Hash}
	for _, line := range lines("roots") {
		size, root, _ := strings.Cut(line, " ")
		n := must(strconv.ParseInt(size, 10, 64))
		roots[n] = must(tlog.ParseHash(root))
		if roots[n] != must(tlog.TreeHash(n, reader)) {
			log.Fatalf("the tree of %d leaves has another root", n)
		}
	}
	consistencies := must(filepath.Glob(filepath.Join(dir, "consistency", "*")))
	for _, file := range consistencies {
		from, to, _ := strings.Cut(filepath.Base(file), "-")
		m, n := must(strconv.ParseInt(from, 10, 64)), must(strconv.ParseInt(to, 10, 64))
		proof := tlog.TreeProof(hashes(strings.Split(string(must(os.ReadFile(file))), "\n")))
		must(0, tlog.CheckTree(proof, n, roots[n], m, roots[m]))
	}
	fmt.Printf("verified %d entries, %d inclusion proofs, %d consistency proofs, root %s\n",
		len(records), len(proofs), len(consistencies), base64.StdEncoding.EncodeToString(tree.Hash[:]))
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
