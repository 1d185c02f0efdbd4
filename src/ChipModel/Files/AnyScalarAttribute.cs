namespace TaalasSim.ChipModel.Files;

/// <summary>A list of texts in which a file may write numbers and truth values plainly: they stand for fields of any type.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AnyScalarAttribute : Attribute;
