namespace TaalasSim.Server.Tools;

/// <summary>How a call writes its arguments.</summary>
public enum ArgumentStyle
{
    /// <summary>Name and arguments are members of one JSON object.</summary>
    Member,

    /// <summary>The name stands in a tag; the arguments are a JSON object after it.</summary>
    Object,

    /// <summary>The name stands in a tag, and so does each argument's.</summary>
    Tags,
}
