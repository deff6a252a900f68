return await Daybook.Cli.DaybookTool.RunAsync(args, Environment.GetEnvironmentVariable, Console.Out, Console.Error);
