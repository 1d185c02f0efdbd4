using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>
/// Writes a GGUF model again with its matrices in other types, in one file or several. All metadata is kept; <c>general.file_type</c>,
/// <c>general.quantization_version</c> and the <c>split.*</c> keys say what is true of the new files.
/// </summary>
public static class RewriteGguf
{
    /// <summary>Version of the quantised block layouts (GGML_QNT_VERSION).</summary>
    private const uint QuantizationVersion = 2;

    private const string FileTypeKey = "general.file_type";
    private const string VersionKey = "general.quantization_version";

    /// <summary>Writes the model; no file under its final name is ever incomplete, and on a fault none is left.</summary>
    /// <param name="source">Model.</param>
    /// <param name="target">File to write; of a split model the name without <c>-00001-of-0000N</c>.</param>
    /// <param name="options">What to write.</param>
    /// <param name="progress">Share done.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">The source may not be quantised again, holds values that the type cannot, or is the
    /// target.</exception>
    public static RewriteResult Write(
        GgufFile source,
        string target,
        RewriteOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancel = default
    )
    {
        var type = options.Pure ? options.Type with { Mixed = false } : options.Type;
        var types = ChooseTensorTypes.For(source, type, options.Importance is not null);
        Check(source, types, options);
        if (options.Importance is { } importance)
            CheckImportance(source, importance);
        var parts = SplitPlan.Cut(source, types, options);
        var files = SplitPlan.Names(target, parts.Count);
        RefuseOwnSource(source, files);
        var folder = Path.GetDirectoryName(Path.GetFullPath(target))!;
        if (!Directory.Exists(folder))
            throw new InputException($"{target}: there is no folder {folder}; create it first");

        var results = new TensorRewrite[types.Count];
        var sizes = source.Tensors.Select((t, i) => types[i].BytesOf(t.Elements)).ToArray();
        var (done, all) = (0L, Math.Max(1, sizes.Sum()));
        var writers = new List<GgufWriter>();
        foreach (var part in parts)
        {
            var writer = new GgufWriter();
            if (writers.Count == 0)
                AddMetadata(writer, source, type, options.Importance);
            if (parts.Count > 1)
                SplitPlan.AddKeys(writer, writers.Count, parts.Count, types.Count);
            foreach (var i in part)
            {
                var (tensor, to, bytes) = (source.Tensors[i], types[i], sizes[i]);
                writer.AddTensor(tensor.Name, to, tensor.Dimensions, stream =>
                {
                    var error = TensorEncoder.Write(
                        tensor,
                        to,
                        options.Importance,
                        stream,
                        share => progress?.Report((done + (share * bytes)) / all),
                        cancel
                    );
                    done += bytes;
                    results[i] = new TensorRewrite(tensor.Name, tensor.Type, to, bytes, error);
                });
            }
            writers.Add(writer);
        }
        GgufWriter.SaveAll([.. files.Zip(writers)]);
        return new RewriteResult(files, results);
    }

    private static void Check(GgufFile source, IReadOnlyList<CodeFormat> types, RewriteOptions options)
    {
        for (var i = 0; i < types.Count; i++)
        {
            var tensor = source.Tensors[i];
            if (types[i] != tensor.Type && tensor.Type.IsQuantised && types[i] is not F32Format && !options.AllowRequantize)
                throw new InputException(
                    $"{tensor.FilePath}: tensor {GgufFaults.Quote(tensor.Name)} is quantised already ({tensor.Type}); "
                        + "quantise the F16 or F32 original, or accept the added loss with --allow-requantize"
                );
        }
    }

    // Before anything is written: an importance matrix of another model would quietly do nothing.
    private static void CheckImportance(GgufFile source, ImportanceMatrix importance)
    {
        var known = 0;
        foreach (var tensor in source.Tensors)
            if (!importance.Of(tensor.Name, (int)tensor.RowLength, 0, (int)Math.Max(1, tensor.Dimension(2) * tensor.Dimension(3))).IsEmpty)
                known++;
        if (known == 0)
            throw new InputException(
                $"{importance.Path}: none of its {importance.Matrices.Count} entries is a matrix of {source.Path}; it was made for "
                    + "another model"
            );
    }

    private static void RefuseOwnSource(GgufFile source, IReadOnlyList<string> files)
    {
        var sources = source.Files.Select(Path.GetFullPath).ToHashSet(StringComparer.Ordinal);
        if (files.FirstOrDefault(f => sources.Contains(Path.GetFullPath(f))) is { } same)
            throw new InputException($"{same}: is the model that is read; write to another name");
    }

    private static void AddMetadata(GgufWriter writer, GgufFile source, FileType type, ImportanceMatrix? importance)
    {
        foreach (var value in source.Metadata.Values)
        {
            var replaced =
                value.Key == GgufWriter.AlignmentKey
                || value.Key.StartsWith("split.", StringComparison.Ordinal)
                || (importance is not null && value.Key.StartsWith("quantize.imatrix.", StringComparison.Ordinal))
                || (value.Key is FileTypeKey or VersionKey && type.Id is not null);
            if (!replaced)
                writer.AddCopy(value);
        }
        if (importance is not null)
        {
            writer.Add("quantize.imatrix.file", Path.GetFileName(importance.Path));
            if (importance.Datasets.Count > 0)
                writer.Add("quantize.imatrix.dataset", importance.Datasets[0]);
            writer.Add("quantize.imatrix.entries_count", (uint)importance.Matrices.Count);
            if (importance.Chunks > 0)
                writer.Add("quantize.imatrix.chunks_count", (uint)importance.Chunks);
        }

        if (type.Id is not { } id)
            return;
        writer.Add(VersionKey, QuantizationVersion);
        writer.Add(FileTypeKey, id);
    }
}
