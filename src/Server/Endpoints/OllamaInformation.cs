using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using TaalasSim.Server.Requests;
using TaalasSim.Server.Settings;

namespace TaalasSim.Server.Endpoints;

/// <summary>Ollama's endpoints about models.</summary>
internal sealed class OllamaInformation(ServedModel model, ServerOptions options)
{
    private readonly string _started = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>The models: one.</summary>
    public Task Tags(HttpContext http) => Responder.Json(http, new JsonObject { ["models"] = new JsonArray(Row()) });

    /// <summary>The model in detail.</summary>
    public async Task Show(HttpContext http)
    {
        var body = await Responder.Read(http).ConfigureAwait(false);
        var name = body.Text("model", body.Text("name", model.Id));
        if (!model.Aliases.Contains(name.Split(':')[0], StringComparer.Ordinal) && !model.Aliases.Contains(name, StringComparer.Ordinal))
            throw new RequestException(404, "not_found_error", $"model '{name}' not found");
        var shape = model.Chip.Model;
        await Responder
            .Json(
                http,
                new JsonObject
                {
                    ["modelfile"] = "",
                    ["parameters"] = "",
                    ["template"] = model.TemplateSource,
                    ["details"] = Details(),
                    ["model_info"] = new JsonObject
                    {
                        ["general.architecture"] = shape.Architecture,
                        ["general.parameter_count"] = model.Parameters,
                        [shape.Architecture + ".context_length"] = options.SlotContext,
                        [shape.Architecture + ".embedding_length"] = shape.EmbeddingLength,
                        [shape.Architecture + ".block_count"] = shape.Layers,
                    },
                    ["capabilities"] = new JsonArray("completion"),
                }
            )
            .ConfigureAwait(false);
    }

    /// <summary>The program's version.</summary>
    public Task Version(HttpContext http) => Responder.Json(http, new JsonObject { ["version"] = options.Build });

    private JsonObject Row() =>
        new()
        {
            ["name"] = model.Id,
            ["model"] = model.Id,
            ["modified_at"] = _started,
            ["size"] = model.Bytes,
            ["digest"] = model.Chip.Source.Sha256,
            ["details"] = Details(),
        };

    private JsonObject Details() =>
        new()
        {
            ["parent_model"] = "",
            ["format"] = "gguf",
            ["family"] = model.Chip.Model.Architecture,
            ["families"] = new JsonArray(model.Chip.Model.Architecture),
            ["parameter_size"] = model.Parameters.ToString(CultureInfo.InvariantCulture),
            ["quantization_level"] = model.FileType,
        };
}
