using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>
/// Writes a GGUF model again with its matrices in other types, in one file or several. All metadata is kept; <c>general.file_type</c>,
/// <c>general.quantization_version</c> and the <c>split.*</c> keys say what is true of the new files.
/// </summary>
public static class RewriteGguf
{
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
        var tensors = PlanTensors.Of(source, options);
        var types = ChooseTensorTypes.For(source, tensors, type, options);
        Check(tensors, types, options);
        if (options.Importance is { } importance)
            CheckImportance(source, importance);
        var parts = SplitPlan.Cut(tensors, types, options);
        var files = SplitPlan.Names(target, parts.Count);
        RefuseOwnSource(source, files);
        var sizes = tensors.Select((t, i) => types[i].BytesOf(t.Source.Elements)).ToArray();
        if (options.DryRun)
            return new RewriteResult(
                files,
                [.. tensors.Select((t, i) => new TensorRewrite(t.Name, t.Source.Type, types[i], sizes[i], null))]
            );
        var folder = Path.GetDirectoryName(Path.GetFullPath(target))!;
        if (!Directory.Exists(folder))
            throw new InputException($"{target}: there is no folder {folder}; create it first");

        var results = new TensorRewrite[types.Count];
        var (done, all) = (0L, Math.Max(1, sizes.Sum()));
        var writers = new List<GgufWriter>();
        foreach (var part in parts)
        {
            var writer = new GgufWriter();
            if (writers.Count == 0)
                RewriteMetadata.AddTo(writer, source, type, options);
            if (parts.Count > 1)
                SplitPlan.AddKeys(writer, writers.Count, parts.Count, types.Count);
            foreach (var i in part)
            {
                var (tensor, name, to, bytes) = (tensors[i].Source, tensors[i].Name, types[i], sizes[i]);
                writer.AddTensor(name, to, tensor.Dimensions, stream =>
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
                    results[i] = new TensorRewrite(name, tensor.Type, to, bytes, error);
                });
            }
            writers.Add(writer);
        }
        GgufWriter.SaveAll([.. files.Zip(writers)]);
        return new RewriteResult(files, results);
    }

    private static void Check(IReadOnlyList<PlannedTensor> tensors, IReadOnlyList<CodeFormat> types, RewriteOptions options)
    {
        for (var i = 0; i < types.Count; i++)
        {
            var tensor = tensors[i].Source;
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
}
