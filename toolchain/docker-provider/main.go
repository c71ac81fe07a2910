// Command pulumi-resource-docker is the Docker provider for machines that cannot download the vendor's release:
// the bridge and the upstream Terraform provider that the release is made of, for the four resources a tier uses.
// Its module path is below the upstream module's, because the provider package there is internal.
package main

import (
	"unicode"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// version is set by the build and equals the npm package's, which is what the engine looks for.
var version = "0.0.0"

func resource(name string, fields map[string]*tfbridge.SchemaInfo) *tfbridge.ResourceInfo {
	module := string(unicode.ToLower(rune(name[0]))) + name[1:]
	return &tfbridge.ResourceInfo{Tok: tokens.Type("docker:index/" + module + ":" + name), Fields: fields}
}

// verbatim keeps a field's name singular: the bridge would make a plural of a list.
func verbatim(fields map[string]string) map[string]*tfbridge.SchemaInfo {
	infos := map[string]*tfbridge.SchemaInfo{}
	for upstream, name := range fields {
		infos[upstream] = &tfbridge.SchemaInfo{Name: name}
	}
	return infos
}

func main() {
	container := resource("Container", verbatim(map[string]string{"command": "command", "networks_advanced": "networksAdvanced"}))
	container.DeleteBeforeReplace = true
	noSchema := []byte("{}")
	info := tfbridge.ProviderInfo{
		P:       shimv2.NewProvider(provider.New("dev")()),
		Name:    "docker",
		Version: version,
		Config: map[string]*tfbridge.SchemaInfo{
			"host": {Default: &tfbridge.DefaultInfo{
				EnvVars: []string{"DOCKER_HOST"},
				Value:   "unix:///var/run/docker.sock",
			}},
			"registry_auth": {Name: "registryAuth", MaxItemsOne: tfbridge.False()},
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"docker_container": container,
			"docker_image":     resource("RemoteImage", verbatim(map[string]string{"name": "name"})),
			"docker_network":   resource("Network", nil),
			"docker_volume":    resource("Volume", nil),
		},
		// The upstream has more resources than a tier needs.
		IgnoreMappings: []string{
			"docker_config", "docker_container_exec", "docker_plugin", "docker_registry_image", "docker_secret",
			"docker_service", "docker_tag", "docker_buildx_builder",
		},
		MetadataInfo: tfbridge.NewProviderMetadata(noSchema),
	}
	info.SetAutonaming(255, "-")
	tfbridge.Main(info.Name, info.Version, info, noSchema)
}
