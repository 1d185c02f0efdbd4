namespace TaalasSim.Cli.Options;

/// <summary>An option that takes one number from a range.</summary>
internal interface INumberOption
{
    /// <summary>Numbers that it takes.</summary>
    NumberRange Range { get; }
}
