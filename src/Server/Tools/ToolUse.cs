using System.Security.Cryptography;

namespace TaalasSim.Server.Tools;

/// <summary>The tools of a request and how answers may use them.</summary>
public sealed record ToolUse
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>How the model writes calls.</summary>
    public required ToolSyntax Syntax { get; init; }

    /// <summary>Tools that may be called.</summary>
    public required IReadOnlyList<Tool> Tools { get; init; }

    /// <summary>Whether the answer must be a call.</summary>
    public required bool IsRequired { get; init; }

    /// <summary>Whether an answer may hold more than one call.</summary>
    public required bool AllowsSeveral { get; init; }

    /// <summary>A name for a call that has none.</summary>
    public string NewId() => RandomNumberGenerator.GetString(Alphanumeric, Syntax.IdLength);

    /// <summary>The tool with a name; null when the request has none.</summary>
    public Tool? Find(string name) => Tools.FirstOrDefault(tool => tool.Name == name);
}
