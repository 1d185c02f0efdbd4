using System.CommandLine;
using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;

namespace TaalasSim.Cli.Commands;

/// <summary><c>inspect MODEL</c>: architecture, tensors, types, sizes, tokenizer and the operator graph.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Model(
            "A GGUF file (the first of a split model), the folder of a Hugging Face model, hf:USER/NAME[:QUANT], an adapter file, or "
                + "a chip image."
        );
        var graph = new Option<bool>("--graph") { Description = "Print the operator graph in its text form." };
        var tensors = new Option<bool>("--tensors") { Description = "List every tensor." };
        var json = CommonOptions.Json();
        var command = new Command(
            "inspect",
            "Show what a model file holds; refuses malformed files. Example: ./taalas inspect chips/demo/stories.gguf --graph"
        )
        {
            model,
            graph,
            tensors,
            json,
        };
        command.SetAction(
            (parsed, cancel) =>
            {
                using var source = ModelInput.Open(parsed.GetRequiredValue(model), cancel);
                return Task.FromResult(Run(source.Path, parsed.GetValue(graph), parsed.GetValue(tensors), parsed.GetValue(json)));
            }
        );
        return command;
    }

    private static int Run(string path, bool graph, bool tensors, bool json)
    {
        if (Directory.Exists(path))
            return InspectChip.Run(path, tensors, json);
        using (var opened = GgufFile.Open(path))
            if (InspectAdapter.Is(opened))
                return InspectAdapter.Run(opened, tensors, json);
        using var model = ImportedModel.Open(path);
        var warnings = new List<string>(model.File.Warnings);
        _ = OpenTokenizer.Of(model.File, warnings.Add);
        if (json)
            PrintJson(model, warnings);
        else
            Print(model, warnings, graph, tensors);
        return ExitCode.Done;
    }

    private static void PrintJson(ImportedModel model, List<string> warnings)
    {
        var file = model.File;
        var tokenizer = Tokenizer(file);
        Json.Write(
            new
            {
                File = file.Path,
                FileBytes = file.FileBytes,
                GgufVersion = file.Version,
                Model = model.Graph.Shape,
                model.Graph.Traits,
                Parameters = file.Tensors.Sum(t => t.Elements),
                TensorTypes = Types(file)
                    .Select(t => new
                    {
                        t.Type,
                        t.Tensors,
                        t.Elements,
                        t.Bytes,
                    }),
                Tensors = file.Tensors.Select(t => new
                {
                    t.Name,
                    Type = t.Type.ToString(),
                    t.Dimensions,
                    t.Bytes,
                }),
                Tokenizer = new
                {
                    tokenizer.Model,
                    tokenizer.Pre,
                    tokenizer.ChatTemplate,
                },
                Operators = model.Graph.Operators.Count,
                Warnings = warnings,
            }
        );
    }

    private static void Print(ImportedModel model, List<string> warnings, bool graph, bool tensors)
    {
        var o = Console.Out;
        var file = model.File;
        var shape = model.Graph.Shape;
        var tokenizer = Tokenizer(file);
        o.WriteLine($"{shape.Name}");
        Row("file", $"{file.Path}, {NumberText.Si(file.FileBytes, "B")}, GGUF v{file.Version}, {file.Tensors.Count} tensors");
        Row("architecture", $"{shape.Architecture}, {NumberText.Si(file.Tensors.Sum(t => t.Elements), "")} parameters");
        Row("layers", $"{shape.Layers} × {shape.EmbeddingLength} wide, context {NumberText.Count(shape.ContextLength)}");
        Row("attention", $"{shape.Heads} heads, {shape.KvHeads} for keys and values, {shape.HeadSize} elements each");
        foreach (var (name, text) in LayerWords(shape))
            Row(name, text);
        if (shape.KvLatentRank > 0)
            Row("latent", $"{shape.KvLatentRank} + {shape.RopeHeadSize} elements kept for all heads");
        if (shape.IsRecurrent)
            Row(
                "state",
                $"{shape.RecurrentLayerCount} layers of {StateWords(shape)}convolutions over {shape.ConvolutionLength} tokens, "
                    + $"{NumberText.Count(shape.StateElements)} elements a user"
            );
        Row(
            "feed-forward",
            shape.Experts > 0
                ? $"{shape.ExpertsUsed} of {shape.Experts} experts × {shape.ExpertFeedForwardLength}"
                    + (shape.ExpertsBesideDense ? $" beside {shape.SharedExpertFeedForwardLength}" : "")
                : string.Join(" and ", Enumerable.Range(0, shape.Layers).Select(shape.FeedForwardLengthOf).Distinct().Order())
        );
        Row(
            "vocabulary",
            $"{NumberText.Count(shape.VocabularySize)} tokens, "
                + $"{(shape.TiedEmbeddings ? "output tied to the embedding" : "separate output matrix")}"
        );
        Row(
            "tokenizer",
            $"{tokenizer.Model}{(tokenizer.Pre is null ? "" : $", pre-tokenizer {tokenizer.Pre}")}"
                + $"{(tokenizer.ChatTemplate ? ", chat template" : "")}"
        );
        Row(
            "graph",
            $"{model.Graph.Operators.Count} operators, {MatrixList.Matrices(model.Graph).Count} matrices, "
                + $"{MatrixList.Vectors(model.Graph).Count} vectors"
        );
        foreach (var (type, count, elements, bytes) in Types(file))
            Row(
                type,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count, 4} tensors {NumberText.Si(elements, ""), 8} weights {NumberText.Si(bytes, "B"), 9}"
                )
            );
        foreach (var warning in warnings)
            Row("warning", warning);
        if (tensors)
            foreach (var t in file.Tensors)
                o.WriteLine($"  {t.Name, -34} {t.Type, -6} {string.Join(" × ", t.Dimensions)}");
        if (graph)
            o.Write(model.Graph.ToText());

        void Row(string name, string text) => o.WriteLine($"  {name, -14} {text}");
    }

    // What differs from layer to layer.
    private static IEnumerable<(string Name, string Text)> LayerWords(ModelShape shape)
    {
        var windowed = Enumerable.Range(0, shape.Layers).Where(shape.IsWindowed).ToArray();
        if (windowed.Length > 0)
            yield return (
                "windows",
                $"{windowed.Length} layers see {shape.SlidingWindow} tokens, with {shape.KvHeadsOf(windowed[0])} heads of "
                    + $"{shape.HeadSizeOf(windowed[0])} elements for keys and values"
            );
        if (shape.SharedKvLayers > 0)
            yield return ("shared keys", $"the last {shape.SharedKvLayers} layers read the keys and values of earlier ones");
        if (shape.LayerEmbeddingLength > 0)
            yield return (
                "embeddings",
                $"{shape.LayerEmbeddingLength} elements for each layer: {NumberText.Si(shape.LayerEmbeddingWeights, "")} weights, "
                    + "a row a token"
            );
    }

    private static string StateWords(ModelShape shape) =>
        shape.Recurrence is { } r
            ? $"{(r.Kind == RecurrenceKind.GatedDeltaNet ? "gated delta nets" : "Mamba-2")} ({r.Heads} heads of {r.HeadSize} × "
                + $"{r.StateSize}) behind "
            : "";

    // The largest part of the file first.
    private static List<(string Type, int Tensors, long Elements, long Bytes)> Types(GgufFile file) =>
        [
            .. file
                .Tensors.GroupBy(t => t.Type)
                .OrderByDescending(g => g.Sum(t => t.Bytes))
                .Select(g => (g.Key.ToString(), g.Count(), g.Sum(t => t.Elements), g.Sum(t => t.Bytes))),
        ];

    private static (string Model, string? Pre, bool ChatTemplate) Tokenizer(GgufFile file)
    {
        var meta = file.Metadata;
        return (
            meta.TryGetString("tokenizer.ggml.model", out var model) ? model : "none",
            meta.TryGetString("tokenizer.ggml.pre", out var pre) ? pre : null,
            meta.Contains("tokenizer.chat_template")
        );
    }
}
