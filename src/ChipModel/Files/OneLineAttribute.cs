namespace TaalasSim.ChipModel.Files;

/// <summary>A record that <see cref="YamlText"/> writes on one line, because people read it as one thing.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OneLineAttribute : Attribute;
