using System.Text.RegularExpressions;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>Cuts a model into files: names, keys, and which file holds which tensors. The first file carries the metadata.</summary>
internal static partial class SplitPlan
{
    /// <summary>Indices of the tensors of each file, at least one file.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Cut(
        IReadOnlyList<PlannedTensor> tensors,
        IReadOnlyList<CodeFormat> types,
        RewriteOptions options
    )
    {
        var parts = new List<List<int>> { new() };
        long bytes = 0;
        for (var i = 0; i < types.Count; i++)
        {
            var size = types[i].BytesOf(tensors[i].Source.Elements);
            var full =
                (options.SplitTensors > 0 && parts[^1].Count >= options.SplitTensors)
                || (options.SplitBytes > 0 && parts[^1].Count > 0 && bytes + size > options.SplitBytes)
                || (options.KeepSplit && i > 0 && tensors[i].Source.FilePath != tensors[i - 1].Source.FilePath);
            if (full)
            {
                parts.Add([]);
                bytes = 0;
            }
            parts[^1].Add(i);
            bytes += size;
        }
        if (parts.Count > ushort.MaxValue)
            throw new ChipModel.Files.InputException(
                $"the model would take {parts.Count} files, and the format counts {ushort.MaxValue} at most; ask for larger files"
            );
        return parts;
    }

    /// <summary>The target's name for one file; <c>PREFIX-00001-of-0000N.gguf</c> and so on for several.</summary>
    public static IReadOnlyList<string> Names(string target, int count)
    {
        if (count == 1)
            return [target];
        var prefix = Suffix().Replace(target, "");
        return [.. Enumerable.Range(1, count).Select(i => GgufSplit.PathOf(prefix, i, count))];
    }

    /// <summary>Adds the keys that every file of a split model has.</summary>
    public static void AddKeys(GgufWriter writer, int number, int count, int tensors)
    {
        writer.Add(GgufSplit.NumberKey, (ushort)number);
        writer.Add(GgufSplit.CountKey, (ushort)count);
        writer.Add(GgufSplit.TensorsKey, tensors);
    }

    [GeneratedRegex(
        @"(-\d{5}-of-\d{5})?(\.gguf)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Suffix();
}
