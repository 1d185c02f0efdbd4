using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>What to write.</summary>
public sealed record RewriteOptions
{
    /// <summary>Type of the new file, from which that of each tensor follows.</summary>
    public required FileType Type { get; init; }

    /// <summary>Store every matrix in the base type, sensitive or not.</summary>
    public bool Pure { get; init; }

    /// <summary>Whether tensors that are already quantised may be quantised again, which loses more than quantising the original.</summary>
    public bool AllowRequantize { get; init; }

    /// <summary>Importance of the inputs, which searched scales are then fitted to; null counts all alike.</summary>
    public ImportanceMatrix? Importance { get; init; }

    /// <summary>Most bytes of tensors in one file; 0 for no limit.</summary>
    public long SplitBytes { get; init; }

    /// <summary>Most tensors in one file; 0 for no limit.</summary>
    public int SplitTensors { get; init; }

    /// <summary>Type of the output matrix, and of an embedding that serves as one; null: by the mix.</summary>
    public CodeFormat? OutputType { get; init; }

    /// <summary>Type of the embedding; null: by the mix.</summary>
    public CodeFormat? EmbeddingType { get; init; }

    /// <summary>Whether the output matrix stays as it is.</summary>
    public bool LeaveOutput { get; init; }

    /// <summary>Types of matrices by their names; the first rule that is found in a name counts.</summary>
    public IReadOnlyList<TensorTypeRule> TensorTypes { get; init; } = [];

    /// <summary>Keys of the new file that replace or join those of the source.</summary>
    public IReadOnlyList<KeyOverride> Overrides { get; init; } = [];

    /// <summary>Layers that are left out, in rising order; those behind them move up.</summary>
    public IReadOnlyList<int> PruneLayers { get; init; } = [];

    /// <summary>Whether only types and sizes are told, and nothing is written.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether the files are cut where those of the source are.</summary>
    public bool KeepSplit { get; init; }
}
