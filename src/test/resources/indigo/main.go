// Resolves through the mirror with indigo's client of identity services and prints what it says.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"github.com/bluesky-social/indigo/atproto/identity"
	"github.com/bluesky-social/indigo/atproto/identity/apidir"
	"github.com/bluesky-social/indigo/atproto/syntax"
)

func kind(err error) string {
	switch {
	case err == nil:
		return "found"
	case errors.Is(err, identity.ErrDIDNotFound):
		return "no such DID"
	case errors.Is(err, identity.ErrHandleNotFound):
		return "no such handle"
	default:
		return "failed"
	}
}

func main() {
	dir := apidir.NewAPIDirectory(os.Args[1])
	ctx := context.Background()
	said := map[string]string{}
	for _, arg := range os.Args[2:] {
		id, err := syntax.ParseAtIdentifier(arg)
		if err != nil {
			panic(err)
		}
		found, err := dir.Lookup(ctx, id)
		said["identity "+arg] = kind(err)
		if err == nil {
			said["handle "+arg] = found.Handle.String()
		}
		if did, err := id.AsDID(); err == nil {
			_, err = dir.ResolveDID(ctx, did)
			said["did "+arg] = kind(err)
		}
	}
	_ = json.NewEncoder(os.Stdout).Encode(said)
}
