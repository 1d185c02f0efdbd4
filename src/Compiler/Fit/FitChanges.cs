using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Fit;

/// <summary>Finds the smallest change of bits, context, users, banks or dies with which a model fits; each is tried, not guessed.</summary>
internal static class FitChanges
{
    private const int MostDies = 4096;

    /// <summary>Single changes that suffice, smallest first; where there is none, one line that joins a change for each resource that is
    /// over.</summary>
    public static IReadOnlyList<string> Of(FitReport report, FitCase asked)
    {
        var over = report.Resources.Where(r => r.Share > 1).ToArray();
        var candidates = over.SelectMany(r => Candidates(r, asked).Select(c => (r.Name, c.Text, c.Changed))).ToArray();
        string[] alone = [.. candidates.Where(c => c.Changed.Resources().All(r => r.Share <= 1)).Select(c => c.Text)];
        if (alone.Length > 0)
            return alone;
        var each = over.Select(r =>
                candidates.FirstOrDefault(c => c.Name == r.Name && c.Changed.Resources().First(x => x.Name == r.Name).Share <= 1).Text
            )
            .ToArray();
        return each.Any(e => e is null)
            ? ["a larger fabric (--fabric): no number of dies up to 4096 and no narrower format suffices"]
            : [string.Join(" and ", each.Distinct(StringComparer.Ordinal)) + " (no single change suffices)"];
    }

    private static IEnumerable<(string Text, FitCase Changed)> Candidates(ResourceUse over, FitCase asked) =>
        over.Name switch
        {
            "bank sites" => Sites(asked),
            "user slots" => Slots(asked),
            "context" => [(FormattableString.Invariant($"--context {over.Available:0}"), asked with { Context = (int)over.Available })],
            FitReport.AdapterSram =>
            [
                ("--lora instead of --lora-sram: merged into the weights, the adapter takes no SRAM", asked with { AdapterBytes = 0 }),
            ],
            FitReport.DieArea => SmallerDie(over, asked),
            _ => Memory(over, asked),
        };

    private static IEnumerable<(string, FitCase)> Sites(FitCase asked)
    {
        var fabric = asked.Fabric;
        if (Narrower(asked) is { } narrower)
            yield return narrower;
        if (fabric.Dies == 1)
            yield return RowsOfSites(asked, (int)Math.Ceiling((double)asked.SitesNeeded / fabric.Dies / fabric.Sites.Columns));
        if (MoreDies(asked) is { } dies)
            yield return dies;
    }

    private static IEnumerable<(string, FitCase)> SmallerDie(ResourceUse over, FitCase asked) =>
        (int)(asked.Fabric.Sites.Rows / over.Share) is > 0 and var rows ? [RowsOfSites(asked, rows)] : [];

    private static (string, FitCase) RowsOfSites(FitCase asked, int rows) =>
        (
            $"{rows} rows of sites instead of {asked.Fabric.Sites.Rows} (sites.rows)",
            asked.Placed(asked.Fabric with { Sites = asked.Fabric.Sites with { Rows = rows } }, asked.Formats)
        );

    private static IEnumerable<(string, FitCase)> Slots(FitCase asked)
    {
        var card = asked.Fabric.Card;
        yield return ($"--users {card.UserSlots}", asked with { Users = card.UserSlots });
        yield return (
            $"{asked.Users} slots instead of {card.UserSlots} (card.user_slots)",
            asked with
            {
                Fabric = asked.Fabric with { Card = card with { UserSlots = asked.Users } },
            }
        );
    }

    private static IEnumerable<(string, FitCase)> Memory(ResourceUse kv, FitCase asked)
    {
        var (fabric, shape) = (asked.Fabric, asked.Graph.Shape);
        var bytesPerToken = CheckFit.KvBytesPerToken(shape, fabric.Numerics.KvBits);
        var state = CheckFit.StateBytes(shape, fabric);
        var tokens = (int)((kv.Available - (state * asked.Users)) / (bytesPerToken * asked.Users));
        if (tokens > 0)
            yield return ($"--context {tokens} with {asked.Users} user(s)", asked with { Context = tokens });
        var users = (int)(kv.Available / ((bytesPerToken * asked.Context) + state));
        if (users > 0)
            yield return ($"--users {users} at {asked.Context} tokens", asked with { Users = users });
        foreach (
            var bits in new[] { 8, 4 }
                .Where(b => b < fabric.Numerics.KvBits && kv.Used * b / fabric.Numerics.KvBits <= kv.Available)
                .Take(1)
        )
            yield return (
                $"keys and values of {bits} bits instead of {fabric.Numerics.KvBits} (numerics.kv_bits)",
                asked with
                {
                    Fabric = fabric with { Numerics = fabric.Numerics with { KvBits = bits } },
                }
            );
        var megabytes = Math.Ceiling((kv.Used - kv.Available) / fabric.Dies / 1e6) + fabric.KvSram.CapacityMb;
        yield return (
            FormattableString.Invariant(
                $"KV SRAM of {megabytes:0.###} MB a die instead of {fabric.KvSram.CapacityMb:0.###} (kv_sram.capacity_mb)"
            ),
            asked with
            {
                Fabric = fabric with { KvSram = fabric.KvSram with { CapacityMb = megabytes } },
            }
        );
        var dies = (int)Math.Ceiling(kv.Used / kv.Available * fabric.Dies);
        var step = fabric.System.TensorParallelDies;
        dies = (dies + step - 1) / step * step;
        if (dies <= MostDies)
            yield return ($"{dies} dies instead of {fabric.Dies} (--chips)", asked.Placed(fabric with { Dies = dies }, asked.Formats));
    }

    // The widest of the fabric's formats with which the banks find sites.
    private static (string, FitCase)? Narrower(FitCase asked)
    {
        foreach (var format in CodeFormats.All.Where(f => f.GgmlType < 0).OrderByDescending(f => f.BitsPerWeight))
        {
            try
            {
                var tried = asked.Placed(
                    asked.Fabric,
                    [.. asked.Formats.Select(m => (m.Matrix, m.Matrix.Role == MatrixRole.Router ? m.Format : format))]
                );
                if (tried.Resources()[0].Share <= 1)
                    return (FormattableString.Invariant($"--weights {format.Name} ({format.BitsPerWeight:0.##} bits a weight)"), tried);
            }
            catch (InputException)
            {
                // A block of this format is larger than a bank.
            }
        }

        return null;
    }

    private static (string, FitCase)? MoreDies(FitCase asked)
    {
        var (fabric, step) = (asked.Fabric, asked.Fabric.System.TensorParallelDies);
        var dies = (int)Math.Min(MostDies, (asked.SitesNeeded + fabric.Sites.PerDie - 1) / fabric.Sites.PerDie);
        // Layers are not torn over dies, so the count by area is a lower bound.
        for (dies = (dies + step - 1) / step * step; dies <= MostDies; dies += step)
        {
            var tried = asked.Placed(fabric with { Dies = dies }, asked.Formats);
            if (tried.Resources()[0].Share <= 1)
                return ($"{dies} dies instead of {fabric.Dies} (--chips)", tried);
        }

        return null;
    }
}
