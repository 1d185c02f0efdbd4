using Microsoft.Extensions.Logging;

namespace TaalasSim.Server.Endpoints;

/// <summary>What a server logs. Prompts and answers are never logged.</summary>
internal static partial class ServerLog
{
    /// <summary>A request failed in a way that nobody foresaw.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} failed")]
    public static partial void Fault(ILogger log, string path, Exception fault);
}
