using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace TaalasSim.ChipModel.Files;

/// <summary>JSON Schema of a description record, so that editors complete and check the YAML while it is typed.</summary>
/// <remarks>Keys are those of <see cref="YamlReader"/>; unknown keys are faults. Nothing is marked as required, because a file may leave
/// any key to its <c>base</c>.</remarks>
public static class YamlSchema
{
    /// <summary>The schema as indented JSON with a final newline.</summary>
    /// <param name="title">What the files describe.</param>
    public static string Of<T>(string title)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { DropComputed } },
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        var exported = options
            .GetJsonSchemaAsNode(typeof(T), new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true })
            .AsObject();
        DropRequired(exported);
        var properties = exported["properties"]!.AsObject();
        properties.Insert(
            0,
            "base",
            new JsonObject
            {
                ["type"] = "string",
                ["description"] = "File of the same folder, without extension, whose keys this file changes.",
            }
        );
        exported.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        exported.Insert(1, "title", title);
        return exported.ToJsonString(options) + "\n";
    }

    // Properties that follow from others are no keys of the files; the exporter would list them.
    private static void DropComputed(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
            if (type.Properties[i].Set is null)
                type.Properties.RemoveAt(i);
    }

    private static void DropRequired(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                // A property named "required" would be an object; the keyword is a list.
                if (map["required"] is JsonArray)
                    map.Remove("required");
                foreach (var (_, child) in map)
                    DropRequired(child);
                break;
            case JsonArray list:
                foreach (var child in list)
                    DropRequired(child);
                break;
        }
    }
}
