using Bank;

return await BankProgram.RunAsync(args, Console.Out, Console.Error, isTerminal: !Console.IsOutputRedirected);
