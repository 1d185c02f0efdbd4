using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Formulas;
using TaalasSim.Reports.Sampling;

namespace TaalasSim.Reports.Sweeps;

/// <summary>The one check of sweeps: fields, values, modes and formulas, with the line at fault.</summary>
internal static class SweepCheck
{
    /// <summary>Fields that name something as a whole.</summary>
    private static readonly string[] Whole = ["fabric", "model", "weights", "chips", "system"];

    private static readonly string[] Kinds = ["fabric", "technology", "prices", "service"];

    /// <summary>Checks fields with their values, and that they suit the mode.</summary>
    /// <param name="spec">Sweep.</param>
    /// <param name="place">Place of an item of a list, as <c>file:line</c>.</param>
    /// <exception cref="InputException">The first fault.</exception>
    public static void Fields(SweepSpec spec, Func<string, int, string> place)
    {
        if (spec.Vary.Count == 0)
            throw new InputException($"{File(place)}: 'vary' is empty; name at least one field");
        for (var i = 0; i < spec.Vary.Count; i++)
            if (Fault(spec, i) is { } fault)
                throw new InputException($"{place("vary", i)}: {fault}");
        if (!spec.Vary.Exists(a => a.Compute.Length == 0))
            throw new InputException($"{File(place)}: every field is computed; give one its values");
        if (ModeFault(spec) is { } mode)
            throw new InputException($"{File(place)}: {mode}");
        for (var i = 0; i < spec.Objectives.Count; i++)
            if (spec.Objectives[i].Minimize.Length > 0 == spec.Objectives[i].Maximize.Length > 0)
                throw new InputException($"{place("objectives", i)}: write 'minimize: FIGURE' or 'maximize: FIGURE'");
        if (spec.Mode != SweepMode.Grid)
            return;
        long points = 1;
        for (var i = 0; i < spec.Vary.Count; i++)
        {
            var axis = spec.Vary[i];
            if (axis.Compute.Length > 0 || (axis.Zip.Length > 0 && spec.Vary.FindIndex(a => a.Zip == axis.Zip) < i))
                continue;
            points *= SweepGrid.Values(axis).Count;
            if (points > SweepFile.MaximumPoints && !spec.Vary.Exists(a => a.When.Length > 0))
                throw new InputException($"{place("vary", i)}: more than {SweepFile.MaximumPoints} points; use fewer values");
            points = Math.Min(points, int.MaxValue);
        }
    }

    /// <summary>Checks the figures that are printed.</summary>
    /// <inheritdoc cref="Fields"/>
    public static void Shown(SweepSpec spec, Func<string, int, string> place)
    {
        var known = SweepStudy.Figures.Select(c => c.Name).ToList();
        for (var i = 0; i < spec.Show.Count; i++)
            if (!known.Contains(spec.Show[i], StringComparer.Ordinal))
                throw new InputException(
                    $"{place("show", i)}: no figure '{spec.Show[i]}'{NearestName.Hint(spec.Show[i], known)}; known: "
                        + string.Join(' ', known)
                );
    }

    /// <summary>Checks every formula and the names in it.</summary>
    /// <param name="spec">Sweep with its <see cref="SweepSpec.Names"/>.</param>
    /// <param name="place">Place of an item of a list, as <c>file:line</c>.</param>
    /// <exception cref="InputException">The first fault.</exception>
    public static void Formulas(SweepSpec spec, Func<string, int, string> place)
    {
        for (var i = 0; i < spec.Vary.Count; i++)
            foreach (var text in new[] { spec.Vary[i].Compute, spec.Vary[i].When })
                if (text.Length > 0)
                    Check(spec, text, place("vary", i), name => Earlier(spec, name, i));
        for (var i = 0; i < spec.Constraints.Count; i++)
            Check(spec, spec.Constraints[i], place("constraints", i), SweepJudge.IsFigure);
        for (var i = 0; i < spec.Objectives.Count; i++)
            Check(spec, spec.Objectives[i].Formula, place("objectives", i), SweepJudge.IsFigure);
    }

    private static void Check(SweepSpec spec, string text, string place, Func<string, bool> isKnown)
    {
        try
        {
            var none = new string?[spec.Vary.Count];
            foreach (var name in Formula.Parse(text).Names)
                if (!isKnown(name) && spec.Names!.Varied(name) < 0)
                    spec.Names.Of(name, none);
        }
        catch (InputException e)
        {
            throw new InputException($"{place}: {e.Message}", e);
        }
    }

    // Whether a name is a field that varies before another; one that varies at or after it has no value yet.
    private static bool Earlier(SweepSpec spec, string name, int field) =>
        spec.Names!.Sources(name).Any(at => at >= field)
            ? throw new InputException($"'{name}' has no value yet when '{spec.Vary[field].Field}' needs it; put it first")
            : spec.Names.Varied(name) >= 0;

    private static string File(Func<string, int, string> place) => place("vary", -1) is var at ? at[..at.LastIndexOf(':')] : "";

    private static string? ModeFault(SweepSpec spec)
    {
        if (spec.Size is not ("" or SweepSpec.SmallestSize))
            return $"size '{spec.Size}' is not known; write 'size: {SweepSpec.SmallestSize}' or leave it out";
        if (spec.Size.Length > 0 && spec.Vary.Exists(a => a.Field == "fabric.sites.rows"))
            return $"'fabric.sites.rows' varies and 'size: {SweepSpec.SmallestSize}' sets it; keep one";
        if (spec.Mode is SweepMode.Grid or SweepMode.Tornado)
            return spec.Points is null
                ? null
                : "'points' belongs to modes that draw points; a grid has one for each combination, a tornado two for each field";
        if (spec.Points is null)
            return $"mode {UnderscoredNames.Instance.Apply(spec.Mode.ToString())} needs 'points', how many to draw";
        var dimensions = SweepSpace.DimensionOf(spec.Vary).Max() + 1;
        if (spec.Mode == SweepMode.Search && spec.Objectives.Count == 0)
            return "mode search needs 'objectives', what to search for";
        if (spec.Mode == SweepMode.Search && spec.Points < SweepSearch.FewestPoints)
            return $"mode search needs at least {SweepSearch.FewestPoints} points";
        if (spec.Mode == SweepMode.Sensitivity)
            return 2 * dimensions > SobolSequence.MostDimensions
                    ? $"mode sensitivity has at most {SobolSequence.MostDimensions / 2} fields, these are {dimensions}"
                : spec.Points < SweepSensitivity.FewestBasePoints * SaltelliPoints.BlockOf(dimensions)
                    ? $"mode sensitivity of {dimensions} fields needs at least "
                        + $"{SweepSensitivity.FewestBasePoints * SaltelliPoints.BlockOf(dimensions)} points, better a hundred times as many"
                : null;
        return spec.Mode == SweepMode.Sobol && dimensions > SobolSequence.MostDimensions
            ? $"a Sobol sequence has at most {SobolSequence.MostDimensions} fields, these are {dimensions}; use latin_hypercube"
            : null;
    }

    private static string? Fault(SweepSpec spec, int at)
    {
        var axis = spec.Vary[at];
        var (kind, rest) = DesignPoint.Split(axis.Field);
        if (!Whole.Contains(axis.Field, StringComparer.Ordinal) && (!Kinds.Contains(kind, StringComparer.Ordinal) || rest.Length == 0))
            return $"cannot vary '{axis.Field}'; fields begin with fabric., technology., prices. or service., or are "
                + string.Join(", ", Whole.Select(w => $"'{w}'"));
        if (kind == "service" && !SweepFile.ServiceFields.Contains(axis.Field, StringComparer.Ordinal))
            return $"cannot vary '{axis.Field}'; use one of {string.Join(", ", SweepFile.ServiceFields)}";
        if (spec.Vary.Take(at).Any(a => DesignPoint.Canonical(a.Field) == DesignPoint.Canonical(axis.Field)))
            return $"'{axis.Field}' is varied twice";
        return ValuesFault(spec, axis) ?? ZipFault(spec, at);
    }

    private static string? ValuesFault(SweepSpec spec, SweepAxis axis)
    {
        if (axis.Range is null && axis.Values.Count == 0 && axis.Compute.Length == 0)
            return $"'{axis.Field}' has no values; give 'values: [ … ]', 'range: {{ from, to, steps }}' or 'compute: FORMULA'";
        if (axis.Range is not null && axis.Values.Count > 0)
            return $"'{axis.Field}' has both values and a range; give one";
        if (axis.Compute.Length > 0 && (axis.Range is not null || axis.Values.Count > 0))
            return $"'{axis.Field}' has both a formula and values; give one";
        if (axis.Compute.Length > 0 && axis.Field is "system" or "model" or "fabric" or "weights")
            return $"'{axis.Field}' cannot be computed; list its values";
        if (axis.Values.Distinct(StringComparer.Ordinal).Count() != axis.Values.Count && axis.Zip.Length == 0)
            return $"'{axis.Field}' has a value twice";
        return axis.Range is { } range ? RangeFault(axis.Field, range, spec.Mode) : null;
    }

    // Fields that move together have as many values each.
    private static string? ZipFault(SweepSpec spec, int at)
    {
        var axis = spec.Vary[at];
        if (axis.Zip.Length == 0)
            return null;
        if (axis.Compute.Length > 0 || axis.When.Length > 0)
            return $"'{axis.Field}' is zipped, so it has neither 'compute' nor 'when'";
        var first = spec.Vary.Find(a => a.Zip == axis.Zip)!;
        var (mine, theirs) = (Count(axis), Count(first));
        if (mine != theirs)
            return $"'{axis.Field}' has {mine} values and '{first.Field}', zipped with it as '{axis.Zip}', has {theirs}";
        return spec.Vary.Count(a => a.Zip == axis.Zip) == 1 ? $"'{axis.Field}' is zipped as '{axis.Zip}', and no other field is" : null;
    }

    private static int Count(SweepAxis axis) => axis.Range is { Steps: null } ? 0 : SweepGrid.Values(axis).Count;

    private static string? RangeFault(string field, SweepRange range, SweepMode mode)
    {
        if (range.From == range.To)
            return $"'{field}': from and to must be two numbers that differ";
        if (range.Steps is null && mode == SweepMode.Grid)
            return $"'{field}': a grid needs the range's 'steps'";
        return range.Log && (range.From <= 0 || range.To <= 0) ? $"'{field}': a logarithmic range needs from and to above 0" : null;
    }
}
