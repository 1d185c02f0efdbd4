using System.CommandLine;

namespace TaalasSim.Cli.Options;

/// <summary>An option that names a file or folder to write.</summary>
/// <typeparam name="T">A text, nullable if nothing is written without the option.</typeparam>
/// <param name="name">Name.</param>
/// <param name="aliases">Other spellings.</param>
internal sealed class OutputOption<T>(string name, params string[] aliases) : Option<T>(name, aliases), IOutputSymbol;
