#!/bin/bash -eu
# Builds every fuzz target into $OUT, with its corpus, its dictionary and its options.
cd "$SRC/alys"
RUSTUP_TOOLCHAIN=$(sed -n 's/^channel = "\(.*\)"$/\1/p' rust-toolchain.toml)
export RUSTUP_TOOLCHAIN
cargo fuzz build
for source in fuzz/fuzz_targets/*.rs; do
  target=$(basename "$source" .rs)
  cp "fuzz/target/x86_64-unknown-linux-gnu/release/$target" "$OUT/"
  cp "fuzz/dictionaries/$target.dict" "fuzz/options/$target.options" "$OUT/"
  rm -f "$OUT/${target}_seed_corpus.zip"
  zip -jqr "$OUT/${target}_seed_corpus.zip" "fuzz/corpus/$target"
done
