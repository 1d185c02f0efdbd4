using System.CommandLine;
using System.Numerics;

namespace TaalasSim.Cli.Options;

/// <summary>An option that takes one number from a range and means nothing when it is not given.</summary>
internal sealed class OptionalNumberOption<T> : Option<T?>, INumberOption
    where T : struct, INumber<T>
{
    /// <summary>Makes the option.</summary>
    /// <param name="range">Numbers that it takes.</param>
    /// <param name="description">What it means.</param>
    /// <param name="name">Name.</param>
    /// <param name="aliases">Other spellings.</param>
    public OptionalNumberOption(NumberRange range, string description, string name, params string[] aliases)
        : base(name, aliases)
    {
        Range = range;
        Description = description;
        HelpName = "N";
        CustomParser = result => range.Read<T>(result);
    }

    /// <inheritdoc/>
    public NumberRange Range { get; }
}
