namespace TaalasSim.Compiler.Safetensors;

/// <summary>What the header says of one tensor.</summary>
/// <param name="Name">Name; any text, so never a path.</param>
/// <param name="Type">Type of the elements.</param>
/// <param name="Shape">Sizes, the outermost first; none for a single element.</param>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="End">Byte after the last.</param>
internal sealed record SafetensorsEntry(string Name, SafetensorsType Type, long[] Shape, ulong Begin, ulong End);
