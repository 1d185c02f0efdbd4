using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Fabric;

/// <summary>Reads fabrics and refuses those that no chip can be made from, with all faults in one line.</summary>
public static class FabricFile
{
    /// <summary>Reads and checks a fabric.</summary>
    /// <param name="path">File of <c>chips/fabrics/</c>.</param>
    /// <param name="overrides">Dotted fields and their values, e.g. <c>bank.rows</c> → <c>512</c>.</param>
    /// <param name="library">Folder in which a base is looked for when it is not beside the file.</param>
    /// <exception cref="InputException">The file is malformed or describes no chip.</exception>
    public static FabricSpec Read(string path, IReadOnlyDictionary<string, string>? overrides = null, string? library = null) =>
        From(ParsedYaml.Load(path, library), overrides);

    /// <summary>Checks the fabric of a parsed file, with fields replaced.</summary>
    /// <exception cref="InputException">The file or a replaced value describes no chip.</exception>
    public static FabricSpec From(ParsedYaml file, IReadOnlyDictionary<string, string>? overrides = null)
    {
        var fabric = file.Bind<FabricSpec>(overrides);
        // A changed fabric is not the chip that something was published about.
        return overrides is { Count: > 0 } ? fabric with { Published = null } : fabric;
    }

    /// <summary>The same fabric, if a chip can be made from it.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="name">Where it comes from, for the message.</param>
    /// <exception cref="InputException">It describes no chip.</exception>
    public static FabricSpec Checked(FabricSpec fabric, string name)
    {
        var faults = DescriptionCheck.Faults(fabric);
        return faults.Count == 0 ? fabric : throw new InputException($"{name}: {DescriptionCheck.Told(faults)}");
    }

    /// <summary>What is wrong with a fabric: one clause per fault; empty for a sound one.</summary>
    public static IReadOnlyList<string> Faults(FabricSpec fabric) => [.. DescriptionCheck.Faults(fabric).Select(f => f.Text)];

    /// <summary>Why weights of a format cannot be stored in the banks of a fabric; null when they can.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="format">Code format of a matrix.</param>
    /// <param name="router">Whether the matrix is a router's.</param>
    public static string? FormatFault(FabricSpec fabric, string format, bool router = false) =>
        fabric.BankFor(router).BankStyle.FormatFault(fabric.BankFor(router), format);
}
