using System.CommandLine;
using System.Numerics;

namespace TaalasSim.Cli.Options;

/// <summary>An option that takes one number from a range and has a standard value.</summary>
internal sealed class NumberOption<T> : Option<T>, INumberOption
    where T : struct, INumber<T>
{
    /// <summary>Makes the option.</summary>
    /// <param name="range">Numbers that it takes.</param>
    /// <param name="standard">Value when it is not given.</param>
    /// <param name="description">What it means.</param>
    /// <param name="name">Name.</param>
    /// <param name="aliases">Other spellings.</param>
    public NumberOption(NumberRange range, T standard, string description, string name, params string[] aliases)
        : base(name, aliases)
    {
        Range = range;
        Description = description;
        HelpName = "N";
        DefaultValueFactory = _ => standard;
        CustomParser = range.Read<T>;
    }

    /// <inheritdoc/>
    public NumberRange Range { get; }
}
