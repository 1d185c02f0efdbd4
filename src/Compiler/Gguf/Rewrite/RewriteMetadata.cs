namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>Keys of a new file, in llama-quantize's order: those of the source, then what is true of the new file, each where it was set
/// last.</summary>
internal sealed class RewriteMetadata
{
    /// <summary>Version of the quantised block layouts (GGML_QNT_VERSION).</summary>
    private const uint QuantizationVersion = 2;

    private readonly List<(string Key, Action<GgufWriter> Add)> _keys = [];

    private RewriteMetadata() { }

    /// <summary>Adds the keys of a new file to its writer.</summary>
    public static void AddTo(GgufWriter writer, GgufFile source, FileType type, RewriteOptions options)
    {
        var keys = new RewriteMetadata();
        foreach (var value in source.Metadata.Values)
            if (value.Key != GgufWriter.AlignmentKey && !value.Key.StartsWith("split.", StringComparison.Ordinal))
                keys.Set(value.Key, w => w.AddCopy(value));
        if (type.Id is { } id)
        {
            keys.Set("general.quantization_version", w => w.Add("general.quantization_version", QuantizationVersion));
            keys.Set("general.file_type", w => w.Add("general.file_type", id));
        }

        foreach (var own in options.Overrides)
            keys.Set(own.Key, own.AddTo);
        if (options.Importance is { } importance)
            keys.Set(importance);
        if (options.PruneLayers.Count > 0)
        {
            var count = $"{source.Metadata.GetString("general.architecture")}.block_count";
            keys.Set(count, w => w.Add(count, (uint)PlanTensors.LayersLeft(source, options.PruneLayers)));
        }

        foreach (var (_, add) in keys._keys)
            add(writer);
    }

    private void Set(ImportanceMatrix importance)
    {
        const string Prefix = "quantize.imatrix.";
        _keys.RemoveAll(k => k.Key.StartsWith(Prefix, StringComparison.Ordinal));
        Set(Prefix + "file", w => w.Add(Prefix + "file", Path.GetFileName(importance.Path)));
        if (importance.Datasets.Count > 0)
            Set(Prefix + "dataset", w => w.Add(Prefix + "dataset", importance.Datasets[0]));
        Set(Prefix + "entries_count", w => w.Add(Prefix + "entries_count", (uint)importance.Matrices.Count));
        if (importance.Chunks > 0)
            Set(Prefix + "chunks_count", w => w.Add(Prefix + "chunks_count", (uint)importance.Chunks));
    }

    private void Set(string key, Action<GgufWriter> add)
    {
        _keys.RemoveAll(k => k.Key == key);
        _keys.Add((key, add));
    }
}
