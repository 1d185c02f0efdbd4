using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Adapters;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;
using TaalasSim.Compiler.Tokenizer;

namespace TaalasSim.Compiler.Steps;

/// <summary>A model as a graph of operators, with its weights when it came from a file. Close it after use; its copies need not be
/// closed.</summary>
public sealed record SourceModel : Stage, IDisposable
{
    private SourceModel(ModelGraph graph, ImportedModel? file, AdapterSet? sram, CompileOptions options) =>
        (Graph, File, Sram, Options) = (graph, file, sram?.Adapters ?? [], options);

    /// <summary>Operators and sizes.</summary>
    public ModelGraph Graph { get; }

    /// <summary>The file with the weights; null when only the shape is known.</summary>
    public ImportedModel? File { get; }

    /// <summary>Adapters that go into SRAM.</summary>
    public IReadOnlyList<LoraAdapter> Sram { get; }

    /// <summary>What to compile the model onto.</summary>
    public CompileOptions Options { get; init; }

    private AdapterSet? Adapters { get; init; }

    /// <summary>The file with the weights.</summary>
    /// <exception cref="InvalidOperationException">Only the shape is known.</exception>
    public ImportedModel Weights => File ?? throw new InvalidOperationException($"{Graph.Shape.Name} is a shape without weights");

    /// <summary>Opens a model file with the adapters of the options.</summary>
    /// <exception cref="InputException">The model or an adapter is malformed.</exception>
    public static SourceModel Open(string path, CompileOptions options)
    {
        var file = ImportedModel.Open(path, options.Merge);
        try
        {
            var sram = new AdapterSet(options.Sram, file.File);
            return new SourceModel(file.Graph, file, sram, options) { Adapters = sram };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A model of which only the shape is known, for timing, area, power and cost without weights.</summary>
    public static SourceModel Of(ModelShape shape, CompileOptions options) =>
        new(BuildModelGraph.From(shape, ShapeTraits.Plain), null, null, options);

    /// <summary>The tokenizer of the model file.</summary>
    /// <exception cref="InputException">It has none, or none that a run could open.</exception>
    public TokenizerData Tokenizer() => OpenTokenizer.Of(Weights.File);

    /// <inheritdoc/>
    public override void WriteText(TextWriter text) => text.Write(Graph.ToText());

    /// <summary>Closes the file and its adapters.</summary>
    public void Dispose()
    {
        Adapters?.Dispose();
        File?.Dispose();
    }
}
