namespace TaalasSim.Server.Tools;

/// <summary>A call of a tool in an answer.</summary>
/// <param name="Id">Name of the call, by which its result refers to it.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">Arguments as the text of a JSON object.</param>
public sealed record ToolCall(string Id, string Name, string Arguments);
