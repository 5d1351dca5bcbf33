#!/bin/sh
# Fills an empty volume from the image, then becomes Picket: start.sh [COMMAND [ARGUMENT…]].
set -eu
image="${PICKET_IMAGE:-/picket}" data="${PICKET_DATA:-/data}"

# Each copy is made beside its place and renamed, so that a start that was cut short is begun again by the next one.
fill() {
    if [ ! -e "$data/$2" ]; then
        rm -rf "$data/$2.new"
        mkdir -p "$(dirname "$data/$2")"
        cp -R "$1" "$data/$2.new"
        mv "$data/$2.new" "$data/$2"
    fi
}
fill "$image/corpus/articles" articles
fill "$image/var/models" var/models
fill "$image/var/embeddings.db" var/embeddings.db
fill "$image/var/index" var/index
fill "$image/deploy/container.toml" bot.toml

cd "$image"
exec python -m bot "$@" --config "$data/bot.toml"
