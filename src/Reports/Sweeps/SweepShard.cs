using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>One of several shards of a sweep.</summary>
/// <param name="Index">Shard, from 0.</param>
/// <param name="Count">Shards, at least 1.</param>
public readonly record struct SweepShard(int Index, int Count)
{
    /// <summary>Reads <c>INDEX/COUNT</c>.</summary>
    /// <exception cref="InputException">It is no shard.</exception>
    public static SweepShard Parse(string text)
    {
        var parts = text.Split('/');
        return
            parts.Length == 2
            && int.TryParse(
                parts[0],
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out var index
            )
            && int.TryParse(
                parts[1],
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out var count
            )
            && count is >= 1 and <= SweepShards.Most
            && index < count
            ? new SweepShard(index, count)
            : throw new InputException($"--shard {ChipModel.Languages.NameGate.Visible(text)}: write INDEX/COUNT, such as 0/100");
    }

    /// <summary>Its points: neighbours, so that what they share is made once.</summary>
    /// <param name="points">Points of the sweep.</param>
    /// <returns>First point, and the one after the last.</returns>
    public (int From, int To) PointsOf(int points) => ((int)((long)points * Index / Count), (int)((long)points * (Index + 1) / Count));
}
