using System.Reflection;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.ChipModel.Technology;

/// <summary>
/// A number of a description at a dotted path, replaced in memory as a replaced value of its file would be: nothing is bound again. The
/// copy is not checked; whoever makes it calls <see cref="DescriptionCheck"/>, the check of files.
/// </summary>
public sealed class FieldReplacement
{
    private readonly (PropertyInfo Property, MethodInvoker Clone)[] _way;
    private readonly Type _type;

    private FieldReplacement((PropertyInfo, MethodInvoker)[] way, Type type) => (_way, _type) = (way, type);

    /// <summary>Whether the field is a constant with an interval, which closes around the new value.</summary>
    public bool IsConstant => _type == typeof(Constant);

    /// <summary>Finds a field.</summary>
    /// <param name="root">Record of the description.</param>
    /// <param name="path">Dotted path as in its file, e.g. <c>vector.lanes</c>.</param>
    /// <returns>Null for what is no number, no constant as a whole, or not below records alone: its file must be bound again.</returns>
    public static FieldReplacement? Find(Type root, string path)
    {
        var way = new List<(PropertyInfo, MethodInvoker)>();
        var type = root;
        foreach (var part in path.Split('.'))
        {
            if (
                type.GetMethod("<Clone>$") is not { } clone
                || typeof(IInterval).IsAssignableFrom(type)
                || DescriptionField.Of(type).FirstOrDefault(f => f.Name == FormerKeys.Present(part, null)) is not { } field
            )
                return null;
            way.Add((field.Property, MethodInvoker.Create(clone)));
            type = field.Type;
        }

        return type == typeof(Constant) || DescriptionField.IsNumeric(type) ? new FieldReplacement([.. way], type) : null;
    }

    /// <summary>Whether the field takes whole numbers alone.</summary>
    public bool IsWhole => _type == typeof(int) || _type == typeof(long);

    /// <summary>A copy of a description with the number in place; null when the text is no such number, or a part of the way is absent.
    /// An optional constant need not be there.</summary>
    /// <param name="root">Description; its other parts are shared.</param>
    /// <param name="text">The number as the file would have it.</param>
    public object? With(object root, string text) =>
        StrictNumbers.Parse(IsConstant ? typeof(double) : _type, text) is { } number ? With(root, 0, number) : null;

    private object? With(object record, int depth, object number)
    {
        var (property, clone) = _way[depth];
        var value = property.GetValue(record);
        object? changed;
        if (depth < _way.Length - 1)
            changed = value is null ? null : With(value, depth + 1, number);
        else if (IsConstant)
            changed = value is Constant constant
                ? constant with
                {
                    Value = (double)number,
                    Low = (double)number,
                    High = (double)number,
                }
                : Constant.Exact((double)number, property.GetCustomAttribute<FieldRangeAttribute>()?.Unit ?? "1", "replaced");
        else
            changed = number;
        if (changed is null)
            return null;
        var copy = clone.Invoke(record)!;
        property.SetValue(copy, changed);
        return copy;
    }
}
