namespace TaalasSim.Compiler.Export.Masks;

/// <summary>A violated rule.</summary>
/// <param name="Rule">Name of the rule, e.g. <c>via.space</c>.</param>
/// <param name="Cell">Cell.</param>
/// <param name="X">Place in the cell, nm.</param>
/// <param name="Y">Place in the cell, nm.</param>
/// <param name="What">What is wrong, with the figure that the rule asks for.</param>
public sealed record DrcFault(string Rule, string Cell, int X, int Y, string What);
