using TaalasSim.ChipModel.Units;
using TaalasSim.Cli.Options;
using TaalasSim.Cli.Terminal;
using TaalasSim.Reports.Validation;

namespace TaalasSim.Cli.Commands;

/// <summary><c>validate --snapshot</c> and <c>--write-snapshot</c>: the GPU predictions of a large grid against the committed
/// ones.</summary>
internal static class SnapshotRun
{
    /// <summary>The committed snapshot.</summary>
    public static string File => Path.Combine(ChipsFolder.Path, "gpus", "measurements", "snapshot.gz");

    /// <summary>Compares, or writes the file again.</summary>
    public static int Run(bool write, bool json)
    {
        var gpus = ChipsFolder.Library.Gpus;
        var now = GpuSnapshot.Take(gpus, gpus.Models, GpuSuite.Run(gpus, ChipsFolder.Path));
        if (write)
        {
            now.Write(File);
            if (json)
                Json.Write(new { now.Count, now.Id });
            else
                Console.Out.WriteLine(
                    $"{File}: {NumberText.Count(now.Count)} predictions; " + $"name snapshot {now.Id} in CHANGELOG.md with the reason"
                );
            return ExitCode.Done;
        }

        var before = GpuSnapshot.Read(File);
        var moves = now.Since(before);
        if (json)
            Json.Write(
                new
                {
                    now.Count,
                    now.Id,
                    Moves = moves,
                }
            );
        else
            Print(now, before, moves);
        return moves.Count == 0 ? ExitCode.Done : ExitCode.No;
    }

    private static void Print(GpuSnapshot now, GpuSnapshot before, IReadOnlyList<SnapshotMove> moves)
    {
        var o = Console.Out;
        if (moves.Count > 0)
        {
            var text = new TextTable()
                .Words("card, engine")
                .Numbers("compared")
                .Numbers("moved")
                .Numbers("mean %")
                .Numbers("largest %")
                .Numbers("new models")
                .Numbers("models gone");
            foreach (var m in moves)
                text.Row([
                    m.Group,
                    NumberText.Count(m.Compared),
                    NumberText.Count(m.Moved),
                    NumberText.Significant(m.MeanPct),
                    NumberText.Significant(m.LargestPct),
                    NumberText.Count(m.Added),
                    NumberText.Count(m.Gone),
                ]);
            text.Write(o, indent: 0);
            o.WriteLine();
        }

        var errors = new TextTable().Words("error against measurements").Numbers("before %").Numbers("now %");
        foreach (var group in now.Errors.Keys.Union(before.Errors.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            errors.Row([group, Text(before, group), Text(now, group)]);
        errors.Write(o, indent: 0);
        o.WriteLine(
            $"{NumberText.Count(now.Count)} predictions; "
                + (
                    moves.Count == 0
                        ? $"none moved since snapshot {before.Id}"
                        : $"{NumberText.Count(moves.Sum(m => m.Moved))} moved since snapshot {before.Id}: find out why, then "
                            + "validate --write-snapshot and a line in CHANGELOG.md"
                )
        );

        static string Text(GpuSnapshot s, string group) => s.Errors.TryGetValue(group, out var error) ? NumberText.Significant(error) : "–";
    }
}
