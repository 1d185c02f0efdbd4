namespace TaalasSim.ChipModel.Files;

/// <summary>A former YAML key of a property. <see cref="YamlReader"/> still reads it and reports it
/// (<see cref="YamlReader.FormerKeyRead"/>); the version after the renaming drops the attribute, and with it the key.</summary>
/// <param name="key">The key as files have it, with underscores.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FormerKeyAttribute(string key) : Attribute
{
    /// <summary>The key as files have it.</summary>
    public string Key { get; } = key;
}
