using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Everything besides the sweep that its figures depend on, as text.</summary>
internal static class SweepInputs
{
    /// <summary>The texts, in a fixed order.</summary>
    /// <param name="library">Descriptions.</param>
    /// <param name="spec">Sweep.</param>
    /// <param name="draws">Draws for each point.</param>
    /// <param name="model">A model's operators and sizes.</param>
    public static IReadOnlyList<string> Of(DesignLibrary library, SweepSpec spec, int draws, Func<string, string> model)
    {
        // With their bases, as they are read: a change in a base changes the figures.
        var fabrics = PointDescriptions.Fabrics(spec).Select(name => library.Fabric(name)).ToList();
        var technologies = fabrics.Select(f => f.Technology).Concat(Values(spec, "fabric.technology")).Distinct(StringComparer.Ordinal);
        return
        [
            .. fabrics.Select(YamlText.Write),
            .. technologies.SelectMany(name => Technology(library, name)),
            YamlText.Write(library.Prices()),
            .. Values(spec, "model").Prepend(spec.Model).Distinct(StringComparer.Ordinal).Select(model),
            .. Values(spec, "system").Where(s => s != DesignPoint.ChipSystem).Select(s => Gpu(library, s)),
            $"draws {draws}",
            typeof(SweepInputs).Assembly.GetName().Version?.ToString() ?? "",
        ];
    }

    // A name that is no process makes invalid points, not an invalid sweep.
    private static IEnumerable<string> Technology(DesignLibrary library, string name) =>
        library.Names("technology").Contains(name, StringComparer.Ordinal)
            ? [YamlText.Write(library.Technology(name)), library.Anchor(name) is { } anchor ? YamlText.Write(anchor.Fabric) : ""]
            : [name];

    private static string Gpu(DesignLibrary library, string name)
    {
        var (card, engine, _, _) = GpuViews.Parse(library.Gpus, name, 1, 1);
        return YamlText.Write(card) + YamlText.Write(engine) + YamlText.Write(library.Gpus.Calibration);
    }

    private static IReadOnlyList<string> Values(SweepSpec spec, string field) =>
        spec.Vary.Find(a => a.Field == field) is { Compute.Length: 0 } axis ? SweepGrid.Values(axis) : [];
}
