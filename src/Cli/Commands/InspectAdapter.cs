using System.Globalization;
using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Cli.Commands;

/// <summary><c>inspect</c> of an adapter file, which states no model sizes; <c>compile</c> checks it against its model.</summary>
internal static class InspectAdapter
{
    /// <summary>Whether the file says that it is an adapter.</summary>
    public static bool Is(GgufFile file) =>
        file.Metadata.Find("general.type") is { Type: GgufValueType.String } type && type.Text() == "adapter";

    public static int Run(GgufFile file, bool tensors, bool json)
    {
        var meta = file.Metadata;
        var kind = meta.TryGetString("adapter.type", out var type) ? type : "unknown";
        var architecture = meta.TryGetString("general.architecture", out var a) ? a : "unknown";
        var alpha = meta.Get("adapter.lora.alpha", 0f);
        var pairs = file.Tensors.Where(t => t.Name.EndsWith(".lora_b", StringComparison.Ordinal)).ToArray();
        long[] ranks = [.. pairs.Select(t => t.RowLength).Distinct().Order()];
        if (json)
        {
            Json.Write(
                new
                {
                    File = file.Path,
                    file.FileBytes,
                    GgufVersion = file.Version,
                    AdapterType = kind,
                    Architecture = architecture,
                    Alpha = alpha,
                    Ranks = ranks,
                    Matrices = pairs.Length,
                    Parameters = file.Tensors.Sum(t => t.Elements),
                    Tensors = file.Tensors.Select(t => new
                    {
                        t.Name,
                        Type = t.Type.ToString(),
                        t.Dimensions,
                        t.Bytes,
                    }),
                    file.Warnings,
                }
            );
            return ExitCode.Done;
        }

        var o = Console.Out;
        o.WriteLine($"{kind} adapter for {architecture}");
        o.WriteLine(
            $"  {"file", -14} {file.Path}, {NumberText.Si(file.FileBytes, "B")}, GGUF v{file.Version}, {file.Tensors.Count} tensors"
        );
        o.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {"pairs", -14} {pairs.Length} matrices, rank {string.Join(", ", ranks)}, alpha {alpha}, "
                    + $"{NumberText.Si(file.Tensors.Sum(t => t.Elements), "")} parameters"
            )
        );
        foreach (var warning in file.Warnings)
            o.WriteLine($"  {"warning", -14} {warning}");
        if (tensors)
            foreach (var t in file.Tensors)
                o.WriteLine($"  {t.Name, -34} {t.Type, -6} {string.Join(" × ", t.Dimensions)}");
        return ExitCode.Done;
    }
}
