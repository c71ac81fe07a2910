// Command pulumi-resource-kubernetes is the Kubernetes provider for machines that cannot download the vendor's release:
// the vendor's own main package, which its module keeps from being imported. The two files beside it come with the build.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var mapping []byte

func main() { provider.Serve("kubernetes", version.Version, schema, mapping) }
