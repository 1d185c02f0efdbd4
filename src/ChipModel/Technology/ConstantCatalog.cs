namespace TaalasSim.ChipModel.Technology;

/// <summary>Every <see cref="Constant"/> of a description by its dotted path, and copies of the description with other values.</summary>
public static class ConstantCatalog
{
    /// <summary>Paths and constants in the order of declaration, e.g. <c>technology.energy.rom_read_pj_per_bit</c>.</summary>
    /// <param name="root">A record with constants, or records with constants, as properties; lists are left out.</param>
    /// <param name="prefix">First part of the paths.</param>
    public static IReadOnlyList<(string Path, Constant Constant)> List(object root, string prefix) =>
        new ConstantSlots(root, prefix).Constants;

    /// <summary>A copy of the description where some constants have another value; their interval and source stay.</summary>
    /// <param name="root">Description.</param>
    /// <param name="prefix">First part of the paths.</param>
    /// <param name="values">Values by path; paths that do not start with the prefix are passed over.</param>
    public static T With<T>(T root, string prefix, IReadOnlyDictionary<string, double> values)
        where T : class
    {
        var slots = new ConstantSlots(root, prefix);
        var bySlot = slots.Constants.Select(c => values.TryGetValue(c.Path, out var value) ? value : double.NaN).ToArray();
        return slots.With(root, bySlot);
    }
}
