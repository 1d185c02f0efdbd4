using TaalasSim.Cli;

return await CommandLine.RunAsync(args).ConfigureAwait(false);
