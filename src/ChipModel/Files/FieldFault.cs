namespace TaalasSim.ChipModel.Files;

/// <summary>One fault of a description.</summary>
/// <param name="Text">One clause for people that begins with the field.</param>
/// <param name="Fields">Dotted paths of the fields that make the fault, the first where it is shown.</param>
public sealed record FieldFault(string Text, params IReadOnlyList<string> Fields);
